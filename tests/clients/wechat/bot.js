// A site's own system behind the relay, by the package `wechat` in secure mode: it echoes what people write.
const { appendFileSync } = require("node:fs");
const { createServer } = require("node:http");
const wechat = require("wechat");

const { APP_ID, AES_KEY, PORT, TAKEN, TOKEN } = process.env;

const talk = wechat({ token: TOKEN, appid: APP_ID, encodingAESKey: AES_KEY }, (request, response) => {
  const { CreateTime, Content, Event, EventKey, FromUserName, MsgId } = request.weixin;
  const what = MsgId || `${Event.toLowerCase()} ${(EventKey || "").replace(/^qrscene_/, "")} ${CreateTime}`;
  appendFileSync(TAKEN, `${JSON.stringify({ person: FromUserName, what })}\n`);
  response.reply(Content && `echo: ${Content}`);
});

createServer((request, response) => {
  request.query = Object.fromEntries(new URL(request.url, "http://bot").searchParams);
  talk(request, response, (error) => {
    response.writeHead(500);
    response.end(String(error));
  });
}).listen(Number(PORT), "127.0.0.1");
