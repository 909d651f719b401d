// What the page knows and does: the page's words, the times of a month, a booking. Requests carry no cookie; whoever
// holds the secret of a booking needs none.
import { Api, ApiError } from "../src/engine/api";
import { newClientId } from "../src/engine/ids";
import type { BookingFront, FreeTime, GuestBooking } from "../src/engine/wire-booking";
import { language, m } from "../src/lib/i18n.svelte";
import { keep, kept } from "../src/lib/kept";
import { ownZone } from "../src/features/meetings/clocks";
import { byDay, dayOf, lastMonth, monthAfter, windowOf } from "./days";
import type { Place } from "./place";

const ZONE = "madang.booking.zone";
/** Months that are looked through for the first free time. */
const LOOK = 3;

export function wordsOf(error: unknown): string {
  if (error instanceof ApiError && error.code !== "offline") return error.message || m.error_offline();
  return m.error_offline();
}

export const codeOf = (error: unknown): string => (error instanceof ApiError ? error.code : "");

export class Booking {
  phase = $state<"coming" | "unknown" | "unreachable" | "choose" | "booked">("coming");
  front = $state.raw<BookingFront | null>(null);
  booking = $state.raw<GuestBooking | null>(null);
  secret = $state<string>();
  zone = $state(kept(ZONE) ?? ownZone());
  month = $state("");
  times = $state.raw<readonly FreeTime[]>([]);
  loading = $state(false);
  failed = $state("");
  /** While a booking is moved, its own times are offered. */
  moving = $state(false);

  readonly days = $derived(byDay(this.times, this.zone));
  readonly first = $derived(dayOf(Date.now() * 1000, this.zone).slice(0, 7));
  readonly last = $derived(lastMonth(Date.now(), this.front?.horizon_days ?? 30, this.zone));

  readonly #api = new Api((url, init) => fetch(url, { ...init, credentials: "omit" }));
  #asked = 0;
  /** Made once for a time: pressed again after a lost answer, it is the same wish. */
  #wish: { start: number; id: string } | undefined;

  constructor(readonly place: Place) {
    this.secret = place.secret;
  }

  get api(): Api {
    this.#api.language = language.locale;
    return this.#api;
  }

  async begin(): Promise<void> {
    this.phase = "coming";
    try {
      if (this.secret) {
        this.take((await this.api.call("GET /booked/{token}", { token: this.secret })).booking);
        return;
      }
      this.month = this.first;
      for (let looked = 0; looked < LOOK; looked += 1) {
        await this.#load();
        if (this.times.length || !this.front?.on || this.month >= this.last) break;
        if (looked < LOOK - 1) this.month = monthAfter(this.month, 1);
      }
      this.phase = "choose";
    } catch (error) {
      this.phase = ["not_found", "link_invalid"].includes(codeOf(error)) ? "unknown" : "unreachable";
    }
  }

  take(booking: GuestBooking): void {
    this.booking = booking;
    this.front = booking.page;
    this.moving = false;
    this.phase = "booked";
  }

  setZone(zone: string): void {
    this.zone = zone;
    keep(ZONE, zone);
    // The month begins at another moment there.
    void this.show(this.month);
  }

  /** Shows a month, and says what is wrong if its times cannot be had. */
  async show(month: string): Promise<void> {
    this.month = month;
    this.failed = "";
    try {
      await this.#load();
    } catch (error) {
      this.times = [];
      this.failed = wordsOf(error);
    }
  }

  async #load(): Promise<void> {
    const query = windowOf(this.month, this.zone);
    const asked = ++this.#asked;
    this.loading = true;
    try {
      if (this.moving && this.secret) {
        const { times } = await this.api.call("GET /booked/{token}/times", { token: this.secret, query });
        if (asked === this.#asked) this.times = times;
      } else {
        const { page, times } = await this.api.call("GET /booking/{key}", { key: this.place.key, query });
        if (asked !== this.#asked) return;
        this.front = page;
        this.times = times;
      }
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  async book(time: FreeTime, who: { name: string; email: string; note: string }): Promise<void> {
    if (this.#wish?.start !== time.start) this.#wish = { start: time.start, id: newClientId() };
    const body = { client_id: this.#wish.id, start: time.start, ...who, language: language.locale, zone: this.zone };
    try {
      const { secret, booking } = await this.api.call("POST /booking/{key}", { key: this.place.key, body });
      this.secret = secret;
      // The address is what the letter holds too: read again, it shows the booking.
      history.replaceState(null, "", `/b/${this.place.key}/${secret}`);
      this.take(booking);
    } catch (error) {
      // What was refused is another wish when it is pressed again.
      if (error instanceof ApiError && !error.passing) this.#wish = undefined;
      throw error;
    }
  }

  async startMoving(): Promise<void> {
    if (!this.booking) return;
    this.moving = true;
    this.times = [];
    await this.show(dayOf(this.booking.start, this.zone).slice(0, 7));
  }

  async move(time: FreeTime): Promise<void> {
    this.take((await this.api.call("POST /booked/{token}/move", { token: this.secret ?? "", body: { start: time.start } })).booking);
  }

  async cancel(): Promise<void> {
    this.take((await this.api.call("POST /booked/{token}/cancel", { token: this.secret ?? "", body: {} })).booking);
  }
}
