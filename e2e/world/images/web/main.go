// The lab's test server. It answers on PORT (8080) and does what its environment says:
//
//	WEB_VERSION             the text that / answers with
//	WEB_UNHEALTHY_AFTER_MS  /healthz answers 503 from then on (0: from the start)
//	WEB_EXIT_AFTER_MS       the process ends with code 3 then
//	WEB_START_DELAY_MS      waits before it listens
//	WEB_FILE                a file whose content /file answers with
//	WEB_IGNORE_TERM         when set, SIGTERM is ignored
//
// Paths: / /healthz /env (JSON of the environment) /headers /file /log?text= /data (GET reads, PUT writes DATA_DIR/data).
// Commands: `web health` (exit code as health checks want it), `web env NAME`, `web sleep`.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var started = time.Now()

func main() {
	if len(os.Args) > 1 {
		os.Exit(command(os.Args[1:]))
	}
	handleTerm()
	if delay, ok := milliseconds("WEB_START_DELAY_MS"); ok {
		time.Sleep(delay)
	}
	if after, ok := milliseconds("WEB_EXIT_AFTER_MS"); ok {
		time.AfterFunc(after, func() { log.Print("leaving"); os.Exit(3) })
	}
	log.Printf("lab/web %s listens on %s", os.Getenv("WEB_VERSION"), port())
	log.Fatal(http.ListenAndServe(":"+port(), handler()))
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "lab/web %s\n", os.Getenv("WEB_VERSION"))
	})
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		if !healthy() {
			http.Error(w, "unhealthy", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/env", func(w http.ResponseWriter, r *http.Request) { writeJSON(w, environment()) })
	mux.HandleFunc("/headers", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, map[string]any{"host": r.Host, "remote": r.RemoteAddr, "headers": r.Header})
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, os.Getenv("WEB_FILE")) })
	mux.HandleFunc("/log", func(w http.ResponseWriter, r *http.Request) {
		log.Print(r.URL.Query().Get("text"))
		fmt.Fprintln(w, "logged")
	})
	mux.HandleFunc("/data", data)
	return logged(mux)
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			log.Printf("%s %s", r.Method, r.URL.Path)
		}
		next.ServeHTTP(w, r)
	})
}

func data(w http.ResponseWriter, r *http.Request) {
	dir := os.Getenv("DATA_DIR")
	if dir == "" {
		dir = "/data"
	}
	file := filepath.Join(dir, "data")
	if r.Method != http.MethodPut {
		http.ServeFile(w, r, file)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(file, body, 0o600)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "written")
}

func command(args []string) int {
	switch args[0] {
	case "health":
		response, err := http.Get("http://127.0.0.1:" + port() + "/healthz")
		if err != nil || response.StatusCode != http.StatusOK {
			fmt.Println("unhealthy", err)
			return 1
		}
		return 0
	case "env":
		fmt.Println(os.Getenv(args[1]))
		return 0
	case "sleep":
		time.Sleep(time.Hour)
		return 0
	default:
		fmt.Fprintln(os.Stderr, "unknown command", args[0])
		return 2
	}
}

func handleTerm() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for range signals {
			if os.Getenv("WEB_IGNORE_TERM") == "" {
				os.Exit(0)
			}
		}
	}()
}

func healthy() bool {
	after, ok := milliseconds("WEB_UNHEALTHY_AFTER_MS")
	return !ok || time.Since(started) < after
}

func milliseconds(name string) (time.Duration, bool) {
	n, err := strconv.Atoi(os.Getenv(name))
	return time.Duration(n) * time.Millisecond, err == nil
}

func environment() map[string]string {
	all := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		all[name] = value
	}
	return all
}

func port() string {
	if p := os.Getenv("PORT"); p != "" {
		return p
	}
	return "8080"
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("content-type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
