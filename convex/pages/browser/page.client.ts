import { follow } from './live.client.ts';
import { showLocalTimes } from './localTimes.client.ts';

showLocalTimes(document);
void follow();
