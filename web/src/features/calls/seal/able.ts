/** Whether this browser can take part in an end-to-end encrypted call. Answered without loading any of it. */
export const canSeal = (): boolean => "RTCRtpScriptTransform" in globalThis && !!globalThis.crypto?.subtle;
