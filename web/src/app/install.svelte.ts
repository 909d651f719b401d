// Installing the app: the browser's own offer is caught when it comes and made when a person asks for it.
// Apple's browsers make none; there the steps are told.

interface InstallOffer extends Event { prompt(): Promise<void>; userChoice: Promise<{ outcome: "accepted" | "dismissed" }> }

let offer = $state.raw<InstallOffer | null>(null);
const standalone = () => matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
/** An iPad says that it is a Mac; it is the Mac that can be touched. */
const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

export const install = {
  /** The browser would install it. */
  get offered(): boolean {
    return offer !== null;
  },
  /** A browser of iPhone or iPad in which it is not installed: the steps have to be told. */
  get apple(): boolean {
    return isApple() && !standalone();
  },
  async ask(): Promise<void> {
    const asked = offer;
    offer = null; // an offer can be made once
    await asked?.prompt();
  },
};

export function watchInstall(): () => void {
  const onOffer = (event: Event) => {
    event.preventDefault();
    offer = event as InstallOffer;
  };
  const onInstalled = () => (offer = null);
  addEventListener("beforeinstallprompt", onOffer);
  addEventListener("appinstalled", onInstalled);
  return () => {
    removeEventListener("beforeinstallprompt", onOffer);
    removeEventListener("appinstalled", onInstalled);
  };
}
