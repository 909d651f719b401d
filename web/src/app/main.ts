// Where the page starts.
import "./early";
import "./tokens.css";
import "./theme.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
// The mark that index.html shows meanwhile goes.
target?.replaceChildren();
if (target) mount(App, { target });
