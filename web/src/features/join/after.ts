// Where somebody wanted to go before they were asked to sign in.
let wanted = "/";

export const afterSignIn = {
  keep(path: string): void {
    wanted = path;
  },
  take(): string {
    const path = wanted;
    wanted = "/";
    return path;
  },
};
