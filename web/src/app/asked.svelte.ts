// What a key asked of a screen that shows it: `find`, that the search of the chats takes the focus (the list of
// chats sets it back); `help`, that the list of keys is open.

export const asked = $state({ find: false, help: false });
