/** Starts an org with the command `mock-okta`, which must be on the PATH. */

import { spawn, type ChildProcess } from "node:child_process";

/** How to start an org. */
export interface ServerOptions {
  /** The command; by default `mock-okta`, or what the variable MOCK_OKTA names. */
  command?: string;
  /** A seed file. */
  seed?: string;
  /** What signs users in. */
  engine?: "classic" | "identity";
  /** The widget's release on the org's own page; it must be installed. */
  widget?: string;
  /** The widget's generation on the org's own page. */
  widgetGeneration?: 2 | 3;
  /** Further arguments of `mock-okta serve`. */
  arguments?: string[];
}

const READY = /serves .* at (https?:\/\/\S+)/;
const START_MILLISECONDS = 60_000;

/** An org in a process of its own. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Start an org on a free port, and wait until it answers. */
  static async start(options: ServerOptions = {}): Promise<Server> {
    const command = options.command ?? process.env.MOCK_OKTA ?? "mock-okta";
    const child = spawn(command, ["serve", "--port", "0", ...argumentsFor(options)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Server(await urlOf(child, command), child);
  }

  /** Stop the org, and wait until it has ended. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }
}

function argumentsFor(options: ServerOptions): string[] {
  const named: [string, string | number | undefined][] = [
    ["--engine", options.engine],
    ["--widget", options.widget],
    ["--widget-generation", options.widgetGeneration],
  ];
  return [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ...(options.arguments ?? []),
    ...(options.seed === undefined ? [] : [options.seed]),
  ];
}

function urlOf(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => {
      clearTimeout(late);
      child.kill();
      reject(new Error(`${command} serve ${why}. ${said.trim()}`));
    };
    const late = setTimeout(() => fail("did not start within a minute"), START_MILLISECONDS);
    const onExit = (code: number | null) => fail(`ended with ${code}`);
    const onData = (data: Buffer) => {
      said += data.toString();
      const url = READY.exec(said)?.[1];
      if (!url) return;
      clearTimeout(late);
      child.off("exit", onExit);
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", onData).resume();
      resolve(url);
    };
    child.once("error", (error) => fail(`cannot be run: ${error.message}`));
    child.once("exit", onExit);
    child.stdout?.on("data", onData);
    child.stderr?.on("data", onData);
  });
}
