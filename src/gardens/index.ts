export type { Garden } from './gardens.model.ts';
export { gardensCollections } from './gardens.model.ts';
export { createGardens, type GardensIntake, type GardensQueries, type GardensService } from './gardens.service.ts';
