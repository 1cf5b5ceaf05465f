# The official base image keeps the licence of each package, and a base that was made on this machine may not.
# hadolint ignore=DL3006,DL3007
FROM python:3.13-slim-trixie
WORKDIR /tmp
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update -qq \
 && dpkg-query --show --showformat='${Package}\n' \
  | while read -r name; do [ -e "/usr/share/doc/$name/copyright" ] || echo "$name"; done \
  | xargs --no-run-if-empty apt-get download -qq \
 && for package in ./*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C / ./usr/share/doc; done \
 && rm -rf ./*.deb /var/lib/apt/lists/* /var/cache/apt/*
