/** Ids of the signatures the chat runs, apart from the signatures: transactions name them without loading them. */
export const selectToolId = '@openagents/autopilot/blueprint/SelectTool.v1';
export const respondId = '@openagents/autopilot/chat/Respond.v1';
export const recapThreadId = '@openagents/autopilot/chat/RecapThread.v1';
