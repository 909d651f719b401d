// The picture that stands still before a visitor at this moment, for whatever brings one up and whatever shows it.
import type { Id } from "../../../engine/wire";
import type { StillOf } from "../../../engine/wire-desk";

export interface HeldStill { space: Id; of: StillOf; picture: Blob }

class Stills {
  held = $state.raw<HeldStill>();
}

export const stills = new Stills();
