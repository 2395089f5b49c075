// What a page runs that is shown to who isn't signed in: its figures move by themselves. No cookie is set.
import { startLive } from './live.js';

startLive();
