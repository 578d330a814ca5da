pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// The staff's pages: a dark desk over the whole screen, so that nobody takes it for the public one.
Rectangle {
    id: root

    readonly property real edge: Theme.landscape ? Sizes.marginLandscape : Sizes.margin
    readonly property var page: Staff.page
    readonly property var pages: ({
            "signIn": "StaffSignIn.qml",
            "board": "StaffBoard.qml",
            "why": "StaffWhy.qml",
            "guide": "StaffGuide.qml",
            "trials": "StaffTrials.qml",
            "care": "StaffCare.qml",
            "load": "StaffLoad.qml",
            "handover": "StaffHandover.qml",
            "settlement": "StaffSettlement.qml"
        })

    color: Theme.paper
    objectName: "overlay:staff"

    MouseArea {
        anchors.fill: parent // nothing behind can be touched
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: 36
        anchors.leftMargin: root.edge
        anchors.rightMargin: root.edge
        anchors.topMargin: 20
        spacing: 24

        StaffHeader {
            Layout.fillWidth: true
            page: root.page
        }
        Loader {
            Layout.fillHeight: true
            Layout.fillWidth: true
            source: root.pages[Staff.kind] ?? ""
        }
        Tone {
            Layout.fillWidth: true
            text: root.page.message ?? ""
            tone: root.page.messageTone ?? "ok"
            visible: text !== "" && Staff.kind !== "signIn" // there it stands below the dots
        }
        GridLayout {
            Layout.fillHeight: false
            Layout.fillWidth: true
            columnSpacing: 20
            columns: Theme.landscape ? 6 : Math.min(3, (root.page.keys ?? []).length)
            rowSpacing: 16
            visible: (root.page.keys ?? []).length > 0

            Repeater {
                model: (root.page.keys ?? []).length

                StaffKey {
                    required property int index

                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    enabled: !root.page.busy && (key.enabled ?? true)
                    key: root.page.keys[index] ?? ({})
                }
            }
        }
    }
}
