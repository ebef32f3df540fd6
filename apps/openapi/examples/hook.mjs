// 核验推送消息的签名：只用 Node.js 自带的模块。对收到的原始字节调用 verify，再解析 JSON。
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_S = 300;

/** Return the webhook-id of a genuine message, or throw. `headers` by lower-case name, `secret` as whsec_…, `body` a Buffer. */
export function verify(body, headers, secret, now = Date.now() / 1000) {
  const id = headers["webhook-id"] ?? "", stamp = headers["webhook-timestamp"] ?? "";
  if (!id || !/^\d+$/.test(stamp) || Math.abs(now - Number(stamp)) > TOLERANCE_S) throw new Error("too old, or without a time");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${stamp}.`).update(body).digest();
  const given = (headers["webhook-signature"] ?? "").split(" ").filter((word) => word.startsWith("v1,"));
  const fits = given.some((word) => {
    const one = Buffer.from(word.slice(3), "base64");
    return one.length === mac.length && timingSafeEqual(one, mac);
  });
  if (!fits) throw new Error("no signature fits");
  return id;
}

if (process.argv[2]) {
  // node hook.mjs '{"headers": {…}, "secret": "whsec_…", "now": 1700000000}' < body
  const { headers, secret, now } = JSON.parse(process.argv[2]);
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  console.log(verify(Buffer.concat(parts), headers, secret, now));
}
