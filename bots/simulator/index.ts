export { createChats, type Cast, type ChatMessage, type Chats } from './chats.ts';
export { createLane, type Lane } from './desk.ts';
export { createSimulatorPages, type SimulatorPages } from './routes.ts';
