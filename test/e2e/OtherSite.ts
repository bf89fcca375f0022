// SPDX-License-Identifier: MIT
// A page of somebody else's, on an origin of its own: a server of its own, because browsers keep pages that only
// pretend to come from elsewhere away from this computer's servers.

import { createServer, type Server } from "node:http";

export class OtherSite implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Serves a page with this in its body, whatever is asked for. */
  static async open(body: string, headers: Record<string, string> = {}): Promise<OtherSite> {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
      response.end(`<!doctype html><title>another site</title><link rel="icon" href="data:,">${body}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("localhost has no free port");
    return new OtherSite(server, `http://localhost:${address.port}/`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
