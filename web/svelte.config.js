/** Svelte compiles to plain DOM code; styles always go to files, because the page forbids inline ones. */
export default { compilerOptions: { css: "external", runes: true } };
