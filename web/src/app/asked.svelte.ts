// What a key asked of a screen that shows it: `find` counts how often somebody wanted the search of the chats,
// `help` says that the list of keys is open.

export const asked = $state({ find: 0, help: false });
