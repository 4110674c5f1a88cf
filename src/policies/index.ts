export type { PolicyCard } from './policies.model.ts';
export { createPolicies, type Policies } from './policies.service.ts';
