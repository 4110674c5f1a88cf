import { openBullRig } from '../platform/queue/bull-rig.ts';
import { queueContract } from '../platform/queue/contract.ts';

const url = process.env.REDIS_URL;
if (url === undefined) throw new Error('REDIS_URL is not set: npm run test:services');

queueContract('Bull', async () => openBullRig(url));
