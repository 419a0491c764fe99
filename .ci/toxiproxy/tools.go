//go:build tools

// Package toxiproxy names the program that .ci/services builds: a proxy that slows, breaks and swallows connections.
package toxiproxy

import _ "github.com/Shopify/toxiproxy/v2/cmd/server"
