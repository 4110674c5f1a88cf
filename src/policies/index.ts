import { policies, policyAnswers } from './policies.model.ts';

export type { PolicyCard } from './policies.model.ts';
export { createPolicies, type Policies } from './policies.service.ts';

/** Everything that policies keep, for opening the store. */
export const policyCollections = [policies, policyAnswers];
