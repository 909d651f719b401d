// What happens before the screens are read, which takes a slow phone a while: the engine starts, a newcomer's door is
// asked for, and what the screen looked like last is shown. main.ts waits for it.
import "../engine/spawn";
import "./newcomer";
import { showGlimpse } from "./glimpse";

await showGlimpse();
