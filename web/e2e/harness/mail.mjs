// A mail server on loopback which keeps what it is given. The server under test talks real SMTP to it.
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const patience = 15_000;

export async function openMailbox() {
  const kept = [];
  const waiting = [];

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    async onData(stream, _session, done) {
      try {
        const mail = await simpleParser(stream);
        kept.push(mail);
        for (const look of waiting.splice(0)) look();
        done();
      } catch (error) {
        done(error);
      }
    },
  });
  await new Promise((fine, broken) => {
    server.once("error", broken);
    server.listen(0, "127.0.0.1", fine);
  });
  server.on("error", () => {}); // A client that hangs up early is no fault of a story.

  const isTo = (mail, address) => [mail.to].flat().filter(Boolean).some((to) => to.value.some((one) => one.address === address));

  return {
    url: `smtp://127.0.0.1:${server.server.address().port}`,
    /** The oldest mail to this address that no story has taken yet, with the first link in its text. */
    async nextMail(address) {
      const until = Date.now() + patience;
      for (;;) {
        const at = kept.findIndex((mail) => isTo(mail, address));
        if (at >= 0) {
          const [mail] = kept.splice(at, 1);
          const link = /https?:\/\/[^\s<>"]+/.exec(mail.text ?? "")?.[0];
          return { subject: mail.subject, text: mail.text ?? "", html: mail.html || "", link };
        }
        const left = until - Date.now();
        if (left <= 0) throw new Error(`no mail to ${address} in ${patience} ms; there were ${kept.map((mail) => mail.subject).join(", ") || "none"}`);
        await new Promise((next) => {
          const timer = setTimeout(next, left);
          waiting.push(() => {
            clearTimeout(timer);
            next();
          });
        });
      }
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
