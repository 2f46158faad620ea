// Shows orders to who is logged in, and hears what happens to accounts. Go's standard library only.
//
//	SAOMA_ADMIN=http://127.0.0.1:9090 SAOMA_KEY=… WEBHOOK_SECRET=whsec_… go run main.go 3000
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type event struct {
	Type string
	Data struct{ Account string }
}

var heard sync.Map // by webhook-id: a webhook may come twice

// whoIs asks whose session the browser's cookies are; "" where there is no session.
func whoIs(cookie string) (string, error) {
	body, _ := json.Marshal(map[string]string{"cookie": cookie})
	request, err := http.NewRequest("POST", os.Getenv("SAOMA_ADMIN")+"/v1/admin/introspect", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("SAOMA_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var session struct{ Account struct{ ID string } }
	err = json.NewDecoder(answer.Body).Decode(&session)
	return session.Account.ID, err
}

// isGenuine checks a webhook as Standard Webhooks has it: the signature of id, time and body, at most five minutes old.
func isGenuine(header http.Header, body []byte) bool {
	sentAt, err := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	secret, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil || time.Since(time.Unix(sentAt, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(header.Get("webhook-id") + "." + header.Get("webhook-timestamp") + "."))
	mac.Write(body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, signature := range strings.Fields(header.Get("webhook-signature")) {
		if hmac.Equal([]byte(expected), []byte(signature)) {
			return true
		}
	}
	return false
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
			var told event
			if err != nil || !isGenuine(r.Header, body) || json.Unmarshal(body, &told) != nil {
				http.Error(w, "the signature is wrong", http.StatusUnauthorized)
				return
			}
			heard.Store(r.Header.Get("webhook-id"), told)
			return
		}
		account, err := whoIs(r.Header.Get("Cookie"))
		if err != nil || account == "" {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		told := []string{}
		heard.Range(func(_, value any) bool {
			if value.(event).Data.Account == account {
				told = append(told, value.(event).Type)
			}
			return true
		})
		json.NewEncoder(w).Encode(map[string]any{"account": account, "orders": []string{}, "heard": told})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
