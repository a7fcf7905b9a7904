// SPDX-License-Identifier: GPL-2.0-only

// vcsim is a vCenter for tests: govmomi's simulator on a port of loopback that
// the kernel chooses. It prints its address, and ends when its input does.
//
// A line "VM STATE", such as "vm-42 disconnected", gives a VM another state of
// its connection, which no client can have a vCenter do. The answer is "ok".
package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// connection sets what is known of a VM's connection, and tells who watches.
func connection(line string) string {
	words := strings.Fields(line)
	if len(words) != 2 {
		return "not VM STATE: " + line
	}
	vm, is := simulator.Map.Get(types.ManagedObjectReference{
		Type: "VirtualMachine", Value: words[0],
	}).(*simulator.VirtualMachine)
	if !is {
		return "there is no " + words[0]
	}
	simulator.Map.WithLock(vm, func() {
		simulator.Map.Update(vm, []types.PropertyChange{{
			Name: "runtime.connectionState",
			Val:  types.VirtualMachineConnectionState(words[1]),
		}})
	})
	return "ok"
}

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
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println(connection(in.Text()))
	}
}
