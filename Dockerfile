# The box for people who run it in a container: `docker build -t qres .`
# Tablets find a box by its own network; a container needs its ports published, and mDNS stays off.

FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY docs/openapi.json /src/docs/openapi.json
COPY web ./
RUN npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
ARG QRES_COMMIT=unknown
RUN QRES_UPDATE_KEY="$(cat image-build/update.pub 2>/dev/null || true)" cargo build --locked --release

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data qres && install -d -o qres -g qres /data
COPY --from=build /src/target/release/qres /usr/local/bin/qres
USER qres
WORKDIR /data
ENV QRES_DATA_DIR=/data QRES_MDNS=false
VOLUME /data
EXPOSE 8000 8443
STOPSIGNAL SIGTERM
ENTRYPOINT ["qres"]
CMD ["serve"]
