# upgradecheck alone: it reads what is mounted, and nothing from the network.
#   docker build -t upgradecheck .
#   docker run --rm --network=none -v "$PWD:/data:ro" upgradecheck scan dump --to cilium=1.12.0
FROM python:3.13.9-slim-bookworm AS build

WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY upgradecheck upgradecheck
COPY rules rules
# EXTRAS=[live] adds what a live scan needs.
ARG EXTRAS=""
RUN python -m venv /opt/upgradecheck \
 && /opt/upgradecheck/bin/pip install --no-cache-dir --disable-pip-version-check ".${EXTRAS}" \
 && /opt/upgradecheck/bin/pip uninstall --yes --quiet pip

FROM python:3.13.9-slim-bookworm

COPY --from=build /opt/upgradecheck /opt/upgradecheck
ENV PATH=/opt/upgradecheck/bin:$PATH PYTHONUNBUFFERED=1
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["upgradecheck"]
CMD ["--help"]
