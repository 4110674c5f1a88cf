/** Villagers' reports (诉求): what the edges and other capabilities may use. */
export { createFeedbackKeeper, nobody } from './erase.ts';
export { createFeedback } from './feedback.service.ts';
export type { Feedback, FeedbackDeps } from './feedback.service.ts';
export { isConduct, isReporter, mayHandle, mayRead } from './feedback.access.ts';
export type { Asker } from './feedback.access.ts';
export * from './feedback.events.ts';
export { defaultLimits, remindAt } from './feedback.limits.ts';
export type { Limits } from './feedback.limits.ts';
export { categories, feedbackCollections, statuses } from './feedback.model.ts';
export type { Category, Report, Status } from './feedback.model.ts';
export type { ReportFilter, ReportList } from './feedback.list.ts';
export type { ReportView } from './feedback.queries.ts';
export type { Cadre, Known, ReadReport, Reading } from './feedback.reading.ts';
export { isOpen, transitions } from './feedback.transitions.ts';
export type { Transition } from './feedback.transitions.ts';
export type { Filed, Filing } from './file.ts';
export type { Handling } from './handle.ts';
export type { Verdict } from './rate.ts';
