/** Styles always go to files, because the page forbids inline ones. The name that ties them to their component stands in the
    scripts too: five letters of its hash are enough for a few hundred components. */
export default { compilerOptions: { css: "external", runes: true, cssHash: ({ hash, css, filename }) => `s${hash(filename ?? css).slice(0, 5)}` } };
