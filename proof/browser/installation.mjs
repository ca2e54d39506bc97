// Installations of their own, beside the demo: a data directory, the command line towards it, its
// server while it runs, and a program that uses its interface.

import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROGRAM = process.env.SAMBAND_BIN ?? resolve(import.meta.dirname, '../../target/debug/samband');
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/u;

export class Installation {
  #around = mkdtempSync(join(tmpdir(), 'samband-browser-'));
  #data = join(this.#around, 'data');
  #server;

  /** Writes the settings, with an address for other installations that nobody listens on yet. */
  async settings() {
    const port = await freePort();
    mkdirSync(this.#data, { recursive: true });
    const text = `peer_listen = "127.0.0.1:${port}"\npull_seconds = 1\n`;
    writeFileSync(join(this.#data, 'samband.toml'), text);
  }

  /** What a command of the command line prints. */
  run(words, input = '') {
    const ran = spawnSync(PROGRAM, [...words, '--data', this.#data], { input, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`samband ${words.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** Takes the other's card, so that its journals are pulled and believed. */
  trust(other) {
    const card = join(this.#around, 'other.card');
    writeFileSync(card, other.run(['peer', 'card']));
    this.run(['peer', 'add', card]);
  }

  /** Starts the server; its address. */
  async up() {
    const words = ['serve', '--data', this.#data, '--listen', '127.0.0.1:0'];
    this.#server = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    return new Promise((done, failed) => {
      this.#server.once('exit', () => failed(new Error(`the server ended: ${said}`)));
      // What it prints later is read too, so that it never waits for a reader.
      this.#server.stdout.on('data', (chunk) => {
        said += chunk;
        const found = said.match(ADDRESS);
        if (found) done(found[0]);
      });
    });
  }

  /** Stops the server as its owner would, and waits until it has ended. */
  async down() {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((done) => { server.once('exit', done); });
    server.kill('SIGTERM');
    await ended;
  }

  /** Ends everything and leaves nothing. */
  async gone() {
    await this.down();
    rmSync(this.#around, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const listener = createServer();
    listener.on('error', failed);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => done(port));
    });
  });
}

/** A program signed in to the interface. */
export class Client {
  #base;
  #token;

  static async signIn(base, user, password) {
    const client = new Client();
    client.#base = base;
    client.#token = (await client.act('/sign-in', { user, password })).token;
    return client;
  }

  /** Gives a command that must be carried out. */
  act(path, body) {
    return this.send(path, JSON.stringify(body), 'application/json');
  }

  async send(path, body, kind) {
    const headers = { 'Content-Type': kind, 'Idempotency-Key': randomUUID() };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const answer = await fetch(`${this.#base}/api/v1${path}`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
