export { startRedis, type Server as RedisServer } from '../../scripts/servers.mjs';
