/** Socket.IO with pg, as its tutorials write it: INSERT, emit to the room, acknowledge. */
import { createServer } from "node:http";
import { createRequire } from "node:module";

// The packages are in a folder for this run, named by the environment.
const require = createRequire(`${process.env.BENCH_MODULES}/package.json`);
const { Server } = require("socket.io");
const { Pool } = require("pg");

const pool = new Pool({ connectionString: process.env.BENCH_POSTGRES });
const http = createServer((request, response) => response.end());
const io = new Server(http);
const INSERT =
  "INSERT INTO message (room, author, text) VALUES ($1, $2, $3) RETURNING id, created_at";

io.on("connection", (socket) => {
  let room = "";
  socket.on("join", (name, done) => {
    room = name;
    socket.join(room);
    done();
  });
  socket.on("message", async (text, done) => {
    const { rows } = await pool.query(INSERT, [room, socket.id, text]);
    const { id, created_at } = rows[0];
    io.to(room).emit("message", { id, author: socket.id, text, created_at });
    done();
  });
});

await pool.query(
  "CREATE TABLE IF NOT EXISTS message (id bigserial PRIMARY KEY, room text NOT NULL," +
    " author text NOT NULL, text text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())",
);
http.listen(Number(process.env.BENCH_PORT), "127.0.0.1");
