/** What a message says that its user stopped. */
export const STOPPED = 'You stopped this answer.';

/** What is told when the watchdog has ended a message before its answer came. */
export const LATE = {
  code: 'interrupted',
  message: 'The answer came too late and was dropped. Send the message again.',
} as const;
