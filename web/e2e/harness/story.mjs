// Stories of one file share one house and nothing else: each brings its own people and spaces, runs alone or
// with the others, and leaves no device behind. A failure leaves pictures of what everybody saw.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { openHouse } from "./house.mjs";

/** `const story = houseFor(); story("sam joins by a link", async (house) => { … });` nari has opened the house. */
export function houseFor({ founded = {}, ...options } = {}) {
  let opening;
  const open = async () => {
    const house = await openHouse(options);
    if (founded) await house.found(founded);
    return house;
  };
  after(async () => {
    if (opening) await (await opening).close();
  });
  return (name, tell) =>
    test(name, async () => {
      const house = await (opening ??= open());
      try {
        await tell(house);
      } catch (error) {
        error.message += `\nsee ${await house.evidence(name)}`;
        throw error;
      } finally {
        const complaints = await house.empty();
        assert.deepEqual(complaints, [], "complaints of the browser");
      }
    });
}
