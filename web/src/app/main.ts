// Where the page starts.
import "./early";
import "./tokens.css";
import "./theme.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { isKnown } from "./newcomer";
import { part } from "./parts";
import { house, screens } from "./screens";

// Whoever is known goes to the house, whoever is not to the door: the files of either are asked for at once.
void part<unknown>(isKnown ? house : screens.signin.alone);

const target = document.getElementById("app");
// The mark that index.html shows meanwhile goes.
target?.replaceChildren();
if (target) mount(App, { target });
