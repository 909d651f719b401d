// Where the page starts at which guests book.
import "../src/app/tokens.css";
import "../src/app/theme.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { placeOf } from "./place";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { place: placeOf(location.pathname) } });
