# One image for every role; CUNKOU_ROLES says what a container does.
FROM node:20-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production CUNKOU_DATA=/data CUNKOU_HTTP_HOST=0.0.0.0 CUNKOU_HTTP_PORT=8080
WORKDIR /app
RUN mkdir /data /backups && chown node:node /data /backups && chmod 700 /data /backups
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json main.ts LICENSE ./
COPY bin ./bin
COPY cli ./cli
COPY src ./src
COPY bots ./bots
COPY jobs ./jobs
COPY templates ./templates
USER node
VOLUME ["/data", "/backups"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CUNKOU_HTTP_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/cunkou.mjs"]
CMD ["start"]
