// Where the visitor's app starts, in each of its dresses.
import "../../src/app/tokens.css";
import "../../src/app/theme.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { dressOf } from "./dress";

const dress = dressOf(location.pathname, location.search);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { dress } });
