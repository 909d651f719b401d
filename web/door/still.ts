// The door as markup, in the language that is spoken when this file is read: drawn once by the build (scripts/door.mjs).
import { render } from "svelte/server";
import SignIn from "../src/features/join/SignIn.svelte";

export const still = (): string => render(SignIn).body;
