import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Paper is coming; take it; or what went wrong.
PageBase {
    id: root

    readonly property bool problem: root.page.state === "problem"

    ColumnLayout {
        anchors.fill: parent
        spacing: Sizes.gap

        DevicePicture {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 800
            Layout.minimumHeight: 200
            Layout.preferredHeight: 800
            device: root.page.illustration
            phase: root.page.state === "take" ? "done" : root.problem ? "problem" : "take"
            showWhere: !Theme.elder
            where: root.page.where
        }
        WhereStrip {
            Layout.fillWidth: true
            device: root.page.illustration
            visible: Theme.elder
            where: root.page.where
        }
        ProgressTrack {
            Layout.fillWidth: true
            share: root.page.progress
            visible: root.page.state === "printing" && root.page.progress > 0
        }
        StateLine {
            Layout.fillWidth: true
            phase: root.page.state === "take" ? "done" : "working"
            problem: root.problem
            text: root.page.message
            visible: text !== ""
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
