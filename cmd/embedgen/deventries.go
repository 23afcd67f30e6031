package main

import (
	"fmt"

	"embedgen/generator/cecsim"
	"embedgen/generator/chatauth"
	"embedgen/generator/devserver"
)

// endpointEntry shows a request to one of the three endpoints in the inspector.
func endpointEntry(e chatauth.Event) devserver.Entry {
	from := "visitor"
	if e.Endpoint == "validation" {
		from = "cec"
	}
	entry := devserver.Entry{
		Time: e.Time, Duration: e.Duration, From: from, To: "site", What: e.Endpoint,
		Tenant: e.Tenant, Channel: e.Channel, User: e.UserID,
		Status: e.Status, Code: e.Code, Reason: e.Reason,
	}
	for _, s := range e.Stages {
		entry.Stages = append(entry.Stages, devserver.Stage(s))
	}
	return entry
}

// hopEntry shows a hop that the simulated CEC saw.
func hopEntry(e cecsim.Event) devserver.Entry {
	entry := devserver.Entry{
		Time: e.Time, Duration: e.Duration, From: string(e.From), To: string(e.To), What: e.What,
		Tenant: e.Tenant, Channel: e.Channel, User: e.User,
		Status: e.Status, Code: e.Stage, Reason: e.Problem, Body: e.Request,
	}
	for _, c := range e.Checks {
		verdict := "ok"
		if !c.OK {
			verdict = "failed"
		}
		entry.Stages = append(entry.Stages, devserver.Stage{Name: c.Name, Value: fmt.Sprintf("%s: %s", verdict, c.Detail)})
	}
	return entry
}
