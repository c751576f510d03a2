# syntax=docker/dockerfile:1
# Parley alone: one program in an image without a shell. `docker compose up` starts it; docs/deploy.md.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /parley
COPY . .
# What the caches hold is of another time than the sources, whatever those say.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/parley/tools/target \
    --mount=type=cache,target=/parley/target \
    rm -f target/release/parley.stamp \
    && find . -name target -prune -o -name node_modules -prune -o -type f -exec touch {} + \
    && bin/run --version \
    && install -D target/release/parley /image/usr/local/bin/parley \
    && install -d -o 65532 -g 65532 -m 700 /image/data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image /
# The address that it would guess is the container's.
ENV PARLEY_DATA=/data PARLEY_NO_LAN_ADDRESS=true
VOLUME /data
EXPOSE 3000
# Ready, not only alive: `docker ps` and whatever waits for it should know when it cannot write.
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 CMD ["parley", "health"]
ENTRYPOINT ["parley"]
