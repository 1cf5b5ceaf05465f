# The base is named by tag, so each build gets the newest patches of Python and Debian.
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# The program's environment is filled from outside, so it never contains pip.
RUN python -m venv /opt/build && python -m venv --without-pip /opt/venv
COPY requirements.txt requirements-build.txt ./
RUN /opt/build/bin/pip install --no-deps --require-hashes --requirement requirements-build.txt \
 && /opt/build/bin/pip --python /opt/venv install --no-deps --no-compile --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY swanlab_ci swanlab_ci
COPY templates templates
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /wheel \
 && /opt/build/bin/pip --python /opt/venv install --no-deps --no-compile --no-index /wheel/*.whl \
 && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv

FROM python:3.13-slim-trixie
COPY --from=build /opt/venv /opt/venv
COPY entrypoint.py /action/entrypoint.py
# For another CI: docker run --entrypoint swanlab-ci
RUN ln -s /opt/venv/bin/swanlab-ci /usr/local/bin/swanlab-ci
ENTRYPOINT ["/opt/venv/bin/python", "-I", "/action/entrypoint.py"]
