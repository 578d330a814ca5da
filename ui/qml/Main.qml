pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "overlays"
import "shell"
import "staff"

// The window: a stage in reference pixels, the shell that fits the panel, and the questions that may stand over it.
Window {
    id: window

    property string asking: ""
    readonly property string notice: Flow.frame.noticeTitle ?? ""
    property bool noticeRead: false

    color: Theme.paper
    title: Words.t["attract.touch"]

    onNoticeChanged: {
        if (window.notice === "")
            window.noticeRead = false;
    }
    onHeightChanged: Theme.setPanel(window.width, window.height)
    onWidthChanged: Theme.setPanel(window.width, window.height)

    Item {
        id: stage

        readonly property bool elder: Theme.elder // read by the page audit

        height: window.height / Theme.scale
        objectName: "stage"
        scale: Theme.scale
        transformOrigin: Item.TopLeft
        width: window.width / Theme.scale

        Loader {
            anchors.fill: parent
            sourceComponent: Theme.landscape ? landscape : portrait
        }
        Loader {
            active: window.notice !== "" && !window.noticeRead
            anchors.fill: parent
            sourceComponent: told
        }
        Loader {
            active: Idle.warning || window.asking !== ""
            anchors.fill: parent
            sourceComponent: Idle.warning ? idle : window.asking === "leave" ? leave : window.asking === "help" ? help : staff
        }
        Loader {
            active: Staff.kind !== ""
            anchors.fill: parent
            sourceComponent: bench
        }
    }
    Component {
        id: told

        NoticeOverlay {
            onClosed: window.noticeRead = true
        }
    }
    Component {
        id: bench

        StaffStage {}
    }
    Component {
        id: portrait

        PortraitShell {
            onHelpPressed: window.asking = "help"
            onLeavePressed: window.asking = "leave"
            onStaffPressed: window.callStaff()
        }
    }
    Component {
        id: landscape

        LandscapeShell {
            onHelpPressed: window.asking = "help"
            onLeavePressed: window.asking = "leave"
            onStaffPressed: window.callStaff()
        }
    }
    Component {
        id: idle

        IdleOverlay {}
    }
    Component {
        id: leave

        LeaveOverlay {
            onClosed: window.asking = ""
        }
    }
    Component {
        id: help

        HelpOverlay {
            onClosed: window.asking = ""
            onStaffPressed: window.callStaff()
        }
    }
    Component {
        id: staff

        StaffOverlay {
            onClosed: window.asking = ""
        }
    }
    Connections {
        function onTurned(): void {
            window.asking = "";
        }
        function onWiped(): void {
            window.asking = "";
        }

        target: Flow
    }

    function callStaff(): void {
        Flow.callStaff();
        window.asking = "staff";
    }
}
