# syntax-free on purpose: the classic builder and BuildKit read it alike
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY swanlab_ci swanlab_ci
COPY templates templates
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps . \
 && /opt/venv/bin/pip uninstall --yes --quiet pip \
 && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv

FROM python:3.13-slim-trixie
COPY --from=build /opt/venv /opt/venv
COPY entrypoint.py /action/entrypoint.py
ENTRYPOINT ["/opt/venv/bin/python", "-I", "/action/entrypoint.py"]
