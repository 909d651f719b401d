// Chromium's own push service is Google's. A story hands a message to the service worker by the DevTools protocol, as
// the browser does once it has opened it.

/** Hands messages to the service worker of a page's origin; gives the function that does it. */
export async function pushTo(page) {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise((found) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const one = registrations.find(({ isDeleted }) => !isDeleted);
      if (one) found(one.registrationId);
    });
  });
  await devtools.send("ServiceWorker.enable");
  const registrationId = await registered;
  const origin = new URL(page.url()).origin;
  return (data) => devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
}
