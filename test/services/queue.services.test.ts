import { openBullRig } from '../platform/queue/bull-rig.ts';
import { queueContract } from '../platform/queue/contract.ts';
import { redisUrl } from './servers.ts';

queueContract('Bull', async () => openBullRig(redisUrl));
