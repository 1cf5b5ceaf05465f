# The image is built from nothing: one stage collects an interpreter, its libraries and the program from Debian and the
# official Python image, compiled and with their licences. No shell, package manager or pip is in the result.
FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS build
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
 && /opt/build/bin/pip --python /opt/venv install --no-deps --no-compile --no-index /wheel/*.whl
COPY entrypoint.py /action/entrypoint.py
COPY release/root_filesystem.py ./
RUN python -X no_debug_ranges root_filesystem.py

FROM scratch AS program
COPY --from=build /rootfs/runtime /
COPY --from=build /rootfs/packages /
COPY --from=build /rootfs/app /

# For CI systems that start a shell in the image, such as GitLab's: --target shell
FROM program AS shell
COPY --from=build /rootfs/shell /
CMD ["bash"]

# Last, so that it is what GitHub's runner builds. For another CI: docker run --entrypoint swanlab-ci
FROM program AS action
ENTRYPOINT ["/opt/venv/bin/python", "-I", "/action/entrypoint.py"]
