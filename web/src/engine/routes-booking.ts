// The calls of the native API about booking pages (routes.ts has the rest).
import type { Book, Booking, BookingFront, BookingPage, BookingSettings, FreeTime, GuestBooking, OuterCalendar } from "./wire-booking";

type Empty = Record<string, never>;
type Within = { from: number; to: number };

export interface BookingRoutes {
  "GET /booking-pages": { o: { pages: BookingPage[] } };
  "POST /booking-pages": { b: { settings: BookingSettings }; o: { page: BookingPage } };
  "GET /booking-pages/{id}": { o: { page: BookingPage } };
  "PUT /booking-pages/{id}": { b: { settings: BookingSettings }; o: { page: BookingPage } };
  "DELETE /booking-pages/{id}": { o: undefined };
  "GET /bookings": { o: { bookings: Booking[] } };
  "GET /me/calendars": { o: { calendars: OuterCalendar[] } };
  "POST /me/calendars": { b: { name: string; url: string; zone: string }; o: { calendar: OuterCalendar } };
  "POST /me/calendars/{id}/read": { b: Empty; o: { calendar: OuterCalendar } };
  "DELETE /me/calendars/{id}": { o: undefined };
  "GET /booking/{key}": { q: Within; o: { page: BookingFront; times: FreeTime[] } };
  "POST /booking/{key}": { b: Book; o: { secret: string; booking: GuestBooking } };
  "GET /booked/{token}": { o: { booking: GuestBooking } };
  "GET /booked/{token}/times": { q: Within; o: { times: FreeTime[] } };
  "POST /booked/{token}/move": { b: { start: number }; o: { booking: GuestBooking } };
  "POST /booked/{token}/cancel": { b: Empty; o: { booking: GuestBooking } };
}
