package desk

import (
	"fmt"
	"strings"
)

// Keywords bring a visitor from the robot to the agent, in CEC's form: joined by ";".
const Keywords = "agent;人工"

// texts is what a visitor reads in one language.
type texts struct {
	accepted, wait, offline, ended, transfer, robotHello string
	robotEcho, queue                                     string // formats
}

var languages = map[string]*texts{
	"en": {
		accepted:   "You are connected to an agent.",
		wait:       "Please wait. An agent will be with you soon.",
		offline:    "No agent is on duty now. You can leave a message.",
		ended:      "The agent has ended this chat.",
		transfer:   "You are being transferred to an agent.",
		robotHello: "I am a simulated robot. Write “agent” to talk to a person.",
		robotEcho:  "You wrote: “%s”. I am only a simulated robot; write “agent” to talk to a person.",
		queue:      "All agents are busy. Visitors ahead of you: %d.",
	},
	"zh": {
		accepted:   "已为您接通人工客服。",
		wait:       "请稍候，客服即将为您服务。",
		offline:    "当前没有客服在线，您可以留言。",
		ended:      "客服已结束本次会话。",
		transfer:   "正在为您转接人工客服。",
		robotHello: "我是模拟机器人。输入“人工”可转接人工客服。",
		robotEcho:  "您说的是：“%s”。我只是模拟机器人，输入“人工”可转接人工客服。",
		queue:      "客服正忙，您前面还有 %d 位访客。",
	},
}

// textsOf returns Chinese texts for zh and its forms (zh_CN, zh-Hans), English ones otherwise.
func textsOf(locale string) *texts {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return languages["zh"]
	}
	return languages["en"]
}

func (t *texts) robotAnswer(said string) string {
	const room = 200
	if r := []rune(said); len(r) > room {
		said = string(r[:room]) + "…"
	}
	return fmt.Sprintf(t.robotEcho, said)
}

func (t *texts) waiting(ahead int) string { return fmt.Sprintf(t.queue, ahead) }

// QueueReminder is the text that a waiting visitor reads, in the visitor's language.
func QueueReminder(locale string) string { return textsOf(locale).wait }
