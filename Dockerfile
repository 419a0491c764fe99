# One image for every part: the part is the command, such as `node scripts/start.ts products`.
# compose.yaml says what each needs; .dockerignore keeps tests and tools out.

FROM node:24.21-bookworm-slim AS packages
WORKDIR /shop
# The manifests alone, so that a change of the code does not install again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY contracts/package.json contracts/
COPY router/package.json router/
COPY subgraphs/shared/package.json subgraphs/shared/
COPY subgraphs/users/package.json subgraphs/users/
COPY subgraphs/products/package.json subgraphs/products/
COPY subgraphs/orders/package.json subgraphs/orders/
COPY subgraphs/images/package.json subgraphs/images/
# The same pnpm as scripts/run/installer.mjs. The optional packages are Node 24 itself, which the image has.
RUN npm exec --yes --package=pnpm@12.21.0 -- pnpm install --frozen-lockfile --prod --no-optional --reporter=append-only

FROM node:24.21-bookworm-slim
LABEL org.opencontainers.image.title="shop-supergraph" \
      org.opencontainers.image.description="A federated shop: its router and every subgraph in one image" \
      org.opencontainers.image.licenses="MIT AND Elastic-2.0"
WORKDIR /shop
# Everything belongs to root, so that a part cannot change what it runs.
COPY --from=packages /shop ./
COPY supergraph.yaml ./
COPY contracts contracts
COPY router router
COPY subgraphs subgraphs
COPY scripts scripts
# What the router keeps: a new volume here belongs to whom the folder belongs to.
RUN install -d -o node -g node /var/lib/shop
# As scripts/run.mjs: these warnings tell nobody anything.
ENV NODE_ENV=production \
    NODE_OPTIONS="--disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning" \
    HOST=0.0.0.0 \
    PORT=4000
EXPOSE 4000
USER node
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1: SIGTERM reaches it, and no shell or npm stands between.
ENTRYPOINT []
CMD ["node", "scripts/start.ts", "router"]
