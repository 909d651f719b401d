// The calls of the native API about apps, for who looks after the house (routes.ts has the rest).
import type { App, AppCredentials, AppDelivery, AppTokenKind } from "./wire-apps";
import type { Id } from "./wire";

type Empty = Record<string, never>;

export interface AppRoutes {
  "GET /apps": { o: { apps: App[] } };
  /** The manifest as text, in JSON or YAML. */
  "POST /apps": { b: { manifest: string }; o: { app: App; credentials: AppCredentials } };
  "GET /apps/{id}": { o: { app: App } };
  "PUT /apps/{id}": { b: { manifest: string }; o: { app: App } };
  "DELETE /apps/{id}": { o: undefined };
  "POST /apps/{id}/tokens": { b: { kind: AppTokenKind }; o: { token: string } };
  "DELETE /apps/{id}/tokens/{token}": { o: undefined };
  "POST /apps/{id}/secret": { b: Empty; o: { signing_secret: string } };
  "POST /apps/{id}/webhooks": { b: { space: Id }; o: { url: string } };
  "DELETE /apps/{id}/webhooks/{webhook}": { o: undefined };
  "GET /apps/{id}/deliveries": { q: { cursor?: string | undefined }; o: { deliveries: AppDelivery[]; next_cursor?: string } };
  "POST /apps/{id}/deliveries/{delivery}/replay": { b: Empty; o: unknown };
  "POST /apps/{id}/resume": { b: Empty; o: unknown };
}
