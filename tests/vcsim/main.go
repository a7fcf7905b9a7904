// SPDX-License-Identifier: GPL-2.0-only

// vcsim is a vCenter for tests: govmomi's simulator on a port of loopback that
// the kernel chooses. It prints its address, and ends when its input does.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"

	"github.com/vmware/govmomi/simulator"
)

func main() {
	hosts := flag.Int("hosts", 2, "hosts without a cluster")
	vms := flag.Int("vms", 2, "VMs of each host")
	user := flag.String("user", "agent@vsphere.local", "who may log in")
	password := flag.String("password", "p<&>w", "with which password")
	flag.Parse()
	log.SetOutput(io.Discard)

	model := simulator.VPX()
	model.Cluster = 0
	model.Host = *hosts
	model.Machine = *vms
	if err := model.Create(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer model.Remove()
	model.Service.TLS = new(tls.Config)
	model.Service.Listen = &url.URL{
		Host: "127.0.0.1:0",
		User: url.UserPassword(*user, *password),
	}
	server := model.Service.NewServer()
	defer server.Close()
	fmt.Println(server.URL.Host)
	io.Copy(io.Discard, os.Stdin)
}
